import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disk } from "@waybill/storage/disk";
import {
  type AttachmentLimits,
  createAttachmentPolicy,
  createImporter,
  createInspector,
  type Inspector,
  type IntakeDeps,
  resolveAttachment,
} from "../../src/attachments/index.ts";
import type { AttachmentRecord, FileStore, Principal } from "../../src/ports/index.ts";

/** A server on a free loopback port. */
export interface LoopbackServer {
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<LoopbackServer> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const serveHttp = (listener: RequestListener): Promise<LoopbackServer> =>
  listen(createServer(listener));

/** A lookup that answers with these addresses, whatever is asked. */
export function answerWith(...addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (_hostname, _options, callback) => callback(null, found);
}

export const ALICE: Principal = { tenant: "default", user: "alice" };

/** Everything that resolving needs, over real files in a folder of its own. */
export interface AttachmentDesk {
  readonly files: FileStore;
  readonly records: Map<string, AttachmentRecord>;
  readonly store: IntakeDeps["store"];
  /** Files below the folder, unfinished ones too. */
  leftovers(): Promise<string[]>;
  resolve(
    request: Parameters<typeof resolveAttachment>[2],
    options?: {
      readonly allow?: readonly string[];
      readonly lookup?: LookupFunction;
      readonly limits?: AttachmentLimits;
      readonly signal?: AbortSignal;
      readonly owner?: Principal;
      readonly inspector?: Inspector;
    },
  ): Promise<AttachmentRecord>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<AttachmentDesk> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-attachments-"));
  const files = disk(folder);
  await files.open();
  const inspector = createInspector();
  const records = new Map<string, AttachmentRecord>();
  const same = (record: AttachmentRecord): boolean => {
    const { state, epoch } = records.get(record.id) ?? {};
    return state === record.state && epoch === record.epoch;
  };
  const store: IntakeDeps["store"] = {
    async create(record: AttachmentRecord) {
      if (records.has(record.id)) throw new Error("this id exists");
      records.set(record.id, record);
    },
    async get(owner: Principal, id: string) {
      const record = records.get(id);
      const own = record?.owner.tenant === owner.tenant && record.owner.user === owner.user;
      return record !== undefined && own ? record : null;
    },
    getForSignedUrl: async (id: string) => records.get(id) ?? null,
    usage: async () => ({ bytes: 0, count: records.size }),
    async transition(from, change) {
      if (!same(from)) return null;
      const next = { ...from, ...change, epoch: from.epoch + 1 };
      records.set(from.id, next);
      return next;
    },
    touch: async (record) => same(record),
    remove: async (record) => same(record) && records.delete(record.id),
    abandoned: async () => [],
  };
  return {
    files,
    records,
    store,
    async leftovers() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    resolve(request, options = {}) {
      const { allow = [], lookup, limits, signal = new AbortController().signal, owner = ALICE } = options;
      const importer = createImporter({
        version: "0.1.0",
        allow,
        ...(lookup === undefined ? {} : { lookup }),
      });
      const deps = {
        store,
        files,
        importer,
        inspector: options.inspector ?? inspector,
        previews: null,
        policy: createAttachmentPolicy(limits),
        now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
      };
      return resolveAttachment(deps, owner, request, signal);
    },
    async close() {
      await inspector.close();
      await files.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
