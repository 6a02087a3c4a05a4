# Waybill behind your own proxy: docker build -t waybill . && docker run -v waybill:/data -p 8787:8787 -p 8788:8788 \
#   -e WAYBILL_AUTH=jwt -e WAYBILL_JWT_SECRET=… -e WAYBILL_ALLOWED_ORIGINS=https://app.example \
#   -e WAYBILL_PUBLIC_BASE_URL=https://chat.example -e WAYBILL_FILES_BASE_URL=https://files.example waybill
FROM node:24-slim AS build
WORKDIR /waybill
COPY . .
RUN npm run build && mkdir /packs && npm pack --workspaces --silent --pack-destination /packs

FROM node:24-slim
WORKDIR /app
COPY --from=build /packs /packs
RUN npm init -y >/dev/null && npm install --omit=dev --no-audit --no-fund /packs/*.tgz && rm -r /packs \
  && mkdir /data && chown node:node /data
USER node
# Inside a container nothing is loopback, so an authenticator must be named: see WAYBILL_AUTH.
ENV NODE_ENV=production HOST=0.0.0.0 WAYBILL_DEMO_PORT=off WAYBILL_DATA_DIR=/data
VOLUME /data
EXPOSE 8787 8788
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node_modules/.bin/waybill", "serve"]
