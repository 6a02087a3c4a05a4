export { disk } from "./disk-store.ts";
