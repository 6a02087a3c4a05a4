import "./styles.ts";
import "./icon/icons.ts";
import "./strings/en.ts";
import { defineElements } from "./define-elements.ts";

defineElements();
