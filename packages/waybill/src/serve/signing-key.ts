import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The key that signs file URLs, kept beside the data so that links survive a restart. Made
 * on first use, readable by this user alone.
 */
export async function signingKey(dataDir: string): Promise<{ readonly id: string; readonly secret: string }> {
  const path = join(dataDir, "signing.key");
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const existing = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (existing !== undefined && existing.length >= 32) return { id: "1", secret: existing };
    const secret = randomBytes(32).toString("base64url");
    const file = await open(path, "w", 0o600);
    await file.writeFile(secret);
    await file.sync();
    await file.close();
    return { id: "1", secret };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(
      `${dataDir} cannot be written (${code}). Make the folder writable for this user, or set WAYBILL_DATA_DIR to another one.`,
      { cause: error },
    );
  }
}
