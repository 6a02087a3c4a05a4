export type {
  ModelInput,
  ModelInputItem,
  ModelInputPart,
  ThreadItemConverterOptions,
} from "./thread-item-converter.ts";
export { ThreadItemConverter } from "./thread-item-converter.ts";
