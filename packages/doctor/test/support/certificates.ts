import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** What a server proves itself with, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority of this test's own, whose keys nobody keeps. */
export class Authority implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "waybill-certificates-"));

  constructor() {
    this.#run(
      "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout ca.key -out ca.pem -subj /CN=Test",
    );
  }

  /** From now on this process trusts it; to be called before anything is asked over TLS. */
  trust(): void {
    setDefaultCACertificates([...getCACertificates("default"), this.#read("ca.pem")]);
  }

  /** A certificate; `names` as in `subjectAltName`. */
  issue(names: string, days: number): Certificate {
    writeFileSync(join(this.#folder, "names"), `subjectAltName=${names}`);
    this.#run(
      "req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout own.key -out own.csr -subj /CN=own",
    );
    this.#run(
      `x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days} -extfile names -out own.pem`,
    );
    return { key: this.#read("own.key"), cert: this.#read("own.pem") };
  }

  /** A certificate that is signed by itself. */
  selfSigned(names: string): Certificate {
    this.#run(
      `req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout self.key -out self.pem -subj /CN=self -addext subjectAltName=${names}`,
    );
    return { key: this.#read("self.key"), cert: this.#read("self.pem") };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(words: string): void {
    execFileSync("openssl", words.split(" "), { cwd: this.#folder, stdio: "pipe" });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), "utf8");
  }
}
