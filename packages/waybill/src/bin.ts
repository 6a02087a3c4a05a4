#!/usr/bin/env node
// Nothing of the command may be loaded before this question: an older Node fails at its imports.
const NODE_MAJOR = 24;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  process.stderr.write(
    `Waybill needs Node ${NODE_MAJOR} or newer; this is ${process.version}. Install it, or use \`npm start\` in a checkout, which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  await import("./command.ts");
}
