# The mocked vendors, for tests in any language:
#   docker build -t understudy-mocks .
#   docker run --rm -p 9090:9090 understudy-mocks --scenario auth.invalid@qwen
# Whoever reaches the port can steer them: keep it on this machine, or in the network of the test.
FROM node:24-slim AS build
WORKDIR /understudy
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev

FROM node:24-slim
WORKDIR /understudy
COPY --from=build /understudy /understudy
USER node
EXPOSE 9090
HEALTHCHECK --interval=5s CMD ["node", "-e", "fetch('http://127.0.0.1:9090/_mock/clock').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/cli/bin/understudy.mjs", "mock", "serve", "--host", "0.0.0.0", "--port", "9090"]
