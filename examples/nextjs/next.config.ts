import type { NextConfig } from "next";

const config: NextConfig = {
  // They start workers from files of their own, and keep to Node's modules.
  serverExternalPackages: ["@waybill/server", "@waybill/storage"],
};

export default config;
