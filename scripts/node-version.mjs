// Every npm script runs this first: under `npm ci --ignore-scripts` the pinned Node is missing and an older one would run in silence.
const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Understudy needs Node >= 22.19, but this is Node ${process.versions.node} (${process.execPath}).\n` +
      "Run `npm ci` without --ignore-scripts: it installs the pinned Node 24 for the npm scripts.\n" +
      "For commands outside npm, install Node 24, or use `npx node …` in this folder.\n" +
      `需要 Node >= 22.19，当前为 ${process.versions.node}。请执行 \`npm ci\`（不要加 --ignore-scripts），它会安装 npm 脚本所用的 Node 24。`
  )
  process.exit(1)
}
