import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "@waybill/doctor";
import { expect, test } from "vitest";
import { GO_SETUPS } from "./setups/frameworks/go-setups.ts";
import { NODE_SETUPS } from "./setups/frameworks/node-setups.ts";
import { PYTHON_SETUPS } from "./setups/frameworks/python-setups.ts";
import { goProgram, setupsPython, startPython } from "./setups/frameworks/start.ts";
import { suite } from "./setups/suite.ts";

suite("frameworks", [
  ...NODE_SETUPS,
  ...(setupsPython === undefined ? [] : PYTHON_SETUPS),
  ...(goProgram === undefined ? [] : GO_SETUPS),
]);

test.runIf(setupsPython)("FastAPI: a failure that it knows is readable as it is", async () => {
  const origin = "https://app.example";
  const folder = await mkdtemp(join(tmpdir(), "waybill-setup-"));
  const running = await startPython("fastapi/http_exception.py")(folder, origin, null);
  try {
    const url = `${running.url}/api/threads/thr_2`;
    const diagnosis = await diagnose({ origin, request: { url } });
    expect(diagnosis).toMatchObject({
      outcome: "fine",
      prediction: { readable: { status: 404 } },
      fixes: [],
    });
  } finally {
    await running.close();
    await rm(folder, { recursive: true });
  }
});
