/** Texts of the shell: navigation, header, log-in, set-up, the state of the connection. */
import { define } from "../text/Language.tsx"

/** Texts of the shell. */
export const shellTexts = define({
  en: {
    skip: "Skip to the content",
    navigation: "Pages",
    groups: { watch: "Watch", steer: "Steer", try: "Try", system: "System" },
    search: "Search",
    searchHint: "Go to a page or do something",
    nothingFound: "Nothing is called that.",
    pages: "Pages",
    actions: "Actions",
    language: "中文",
    languageLabel: "切换到中文",
    light: "Use light colours",
    dark: "Use dark colours",
    system: "Use the system's colours",
    account: "Account",
    logOut: "Log out",
    menu: "Open the navigation",
    close: "Close",
    live: "Live",
    connecting: "Connecting",
    lost: (seconds: number, tries: number) =>
      `Live updates stopped ${seconds} s ago; reconnecting (${tries}). What is shown is the last that was known.`,
    gatewayDown: (seconds: number) =>
      `The gateway has not answered for ${seconds} s. This page asks again by itself; what you typed stays.`,
    configProblem: (message: string) =>
      `The configuration's file has an error, and an earlier version is in force: ${message}`,
    notFound: "There is no such page",
    notFoundHelp: "The link may be of another version.",
    toOverview: "To the overview",
    broken: "This page failed",
    reload: "Load it again",
    forbidden: "Your account may not see this page",
    apiDocs: "API documentation"
  },
  zh: {
    skip: "跳到正文",
    navigation: "页面",
    groups: { watch: "观察", steer: "管理", try: "试验", system: "系统" },
    search: "搜索",
    searchHint: "前往页面或执行操作",
    nothingFound: "没有匹配的结果。",
    pages: "页面",
    actions: "操作",
    language: "EN",
    languageLabel: "Switch to English",
    light: "使用浅色",
    dark: "使用深色",
    system: "跟随系统颜色",
    account: "账号",
    logOut: "退出登录",
    menu: "打开导航",
    close: "关闭",
    live: "实时",
    connecting: "连接中",
    lost: (seconds, tries) => `实时更新已中断 ${seconds} 秒，正在重连（第 ${tries} 次）。页面显示的是最后已知的状态。`,
    gatewayDown: (seconds) => `网关已 ${seconds} 秒没有响应。本页会自动重试，已填写的内容不会丢失。`,
    configProblem: (message) => `配置文件有错误，当前仍使用之前的版本：${message}`,
    notFound: "没有这个页面",
    notFoundHelp: "链接可能来自其他版本。",
    toOverview: "返回总览",
    broken: "页面出错了",
    reload: "重新加载",
    forbidden: "当前账号无权查看本页",
    apiDocs: "API 文档"
  }
})

/** Texts of the door: first visit and log-in. */
export const doorTexts = define({
  en: {
    welcome: "Set up Understudy",
    welcomeLead: "This gateway has no password yet. Set one for the account admin.",
    token: "Set-up token",
    tokenHelp: "The gateway printed it when it started. It works once, for an hour.",
    password: "Password",
    passwordHelp: "At least 12 characters. A sentence is good.",
    again: "Password again",
    differ: "The two are not the same.",
    tooShort: (missing: number) => `${missing} more characters`,
    strength: { weak: "Weak", fair: "Fair", good: "Strong" },
    strengthLabel: "Strength of the password",
    setUp: "Set the password",
    logIn: "Log in",
    logInLead: "The operator's side of this gateway.",
    loggedOut: "Your session has ended. Log in to go on: what you have done on this page is still there.",
    name: "Account",
    show: "Show or hide the password",
    forgotten: "No password? Whoever runs the gateway can set a new one on the server.",
    wait: (seconds: number) => `Too many tries. The next one counts in ${seconds} s.`,
    unreachable: "The gateway does not answer. It is asked again each few seconds."
  },
  zh: {
    welcome: "初始化 Understudy",
    welcomeLead: "这个网关还没有密码，先为账号 admin 设置一个。",
    token: "初始化口令",
    tokenHelp: "网关启动时打印在终端里，一小时内有效，只能用一次。",
    password: "密码",
    passwordHelp: "至少 12 个字符，用一句话当密码也很好。",
    again: "再输一次密码",
    differ: "两次输入不一致。",
    tooShort: (missing) => `还差 ${missing} 个字符`,
    strength: { weak: "弱", fair: "一般", good: "强" },
    strengthLabel: "密码强度",
    setUp: "设置密码",
    logIn: "登录",
    logInLead: "网关的管理端。",
    loggedOut: "会话已结束。重新登录后继续，本页已填写的内容还在。",
    name: "账号",
    show: "显示或隐藏密码",
    forgotten: "忘记密码？由网关的运维人员在服务器上重设。",
    wait: (seconds) => `尝试次数过多，${seconds} 秒后可再试。`,
    unreachable: "网关没有响应，每隔几秒会自动重试。"
  }
})
