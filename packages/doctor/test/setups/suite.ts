import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Diagnosis, diagnose, type Fix } from "@waybill/doctor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChromiumPage, type Seen } from "./chromium.ts";
import { type Told, writtenDown } from "./page.ts";
import type { Running, Setup } from "./setup.ts";

const NOTHING = new Uint8Array();

/**
 * A test of each set-up: it fails in Chromium, the doctor says why and what to change, the change is
 * made, and Chromium reads. At the end a line says how many, and `docs/broken-setups.md` must list
 * what was seen, in the section of this title.
 */
export function suite(title: string, setups: readonly Setup[]): void {
  describe(title, () => {
    const told: Told[] = [];
    const page = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html").end("<!doctype html><link rel=icon href=data:,>");
    });
    let origin: string;
    let chromium: ChromiumPage;
    let parent: string;

    beforeAll(async () => {
      parent = await mkdtemp(join(tmpdir(), "waybill-setups-"));
      await chmod(parent, 0o755);
      page.listen(0, "127.0.0.1");
      await once(page, "listening");
      origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
      chromium = await ChromiumPage.open(origin);
    });

    afterAll(async () => {
      await chromium[Symbol.asyncDispose]();
      page.close();
      await rm(parent, { recursive: true, force: true });
      const missing = setups.filter((setup) => !told.some((one) => one.setup === setup));
      console.log(`${told.length}/${setups.length} broken set-ups: named, mended, read`);
      for (const { name } of missing) console.log(`  not: ${name}`);
    });

    /** Starts it, has Chromium ask and then the doctor, and ends it. */
    async function examine(setup: Setup, fix: Fix | null): Promise<{ seen: Seen; diagnosis: Diagnosis }> {
      const folder = await mkdtemp(join(parent, "setup-"));
      // Servers that are started by root go on as somebody else.
      await chmod(folder, 0o755);
      const running: Running = await setup.start(folder, origin, fix);
      try {
        const { path, ...rest } = setup.request;
        const request = { ...rest, url: running.url + path };
        const { content } = setup;
        const seen = await chromium.fetch(request, content ?? NOTHING);
        const via = setup.via?.(running) ?? [];
        const diagnosis = await diagnose({ origin, request, ...(content && { content }), via });
        return { seen, diagnosis };
      } finally {
        await running.close();
      }
    }

    for (const setup of setups) {
      test(`${setup.name}: ${setup.cause}`, async () => {
        const { seen, diagnosis } = await examine(setup, null);
        expect(seen.status).toBe(null);
        expect({
          verdict: diagnosis.prediction.verdict,
          consoleMessage: diagnosis.consoleMessage,
          outcome: diagnosis.outcome,
          cause: diagnosis.cause,
          servers: diagnosis.servers.filter((server) => setup.servers.includes(server)),
          ...(setup.hiddenStatus === undefined ? {} : { hiddenStatus: diagnosis.hidden?.status }),
        }).toEqual({
          verdict: seen.corsError ?? diagnosis.prediction.verdict,
          consoleMessage: seen.consoleMessage,
          outcome: "broken",
          cause: setup.cause,
          servers: setup.servers,
          ...(setup.hiddenStatus === undefined ? {} : { hiddenStatus: setup.hiddenStatus }),
        });
        const fix = diagnosis.fixes.find(({ server }) => server !== null);
        if (fix === undefined) expect.unreachable("the doctor prints no recipe");
        expect(fix.server).toBe(setup.fixedBy);

        const mended = await examine(setup, fix);
        expect(mended.seen).toMatchObject({ status: setup.readsAfterwards, corsError: null });
        expect(mended.diagnosis).toMatchObject({ outcome: "fine", cause: "none" });
        told.push({ setup, broken: diagnosis, fix });
      });
    }

    test(`docs/broken-setups.md says so of ${title}`, () => writtenDown(title, told));
  });
}
