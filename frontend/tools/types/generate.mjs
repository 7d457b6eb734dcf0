// Writes src/api/schema.gen.ts and src/api/sign-in.gen.ts from the OpenAPI documents of the API and of signing in:
// `npm run types -- path/to/openapi.json path/to/sign-in-openapi.json`.
// With `--check` it writes nothing and fails when a committed file differs.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const TARGETS = ["schema.gen.ts", "sign-in.gen.ts"].map((name) => resolve(here, "../../src/api", name));
const args = process.argv.slice(2);
const isCheck = args.includes("--check");
const sources = args.filter((argument) => !argument.startsWith("--"));

if (sources.length !== TARGETS.length) {
  console.error("usage: npm run types -- path/to/openapi.json path/to/sign-in-openapi.json [--check]");
  process.exit(2);
}
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

const entry = pathToFileURL(join(here, "node_modules/openapi-typescript/dist/index.mjs")).href;
const { default: openapiTS, astToString } = await import(entry);

for (const [at, target] of TARGETS.entries()) {
  const ast = await openapiTS(readFileSync(resolve(sources[at]), "utf8"), {
    alphabetize: true,
    defaultNonNullable: false,
  });
  const text = `// Generated from the OpenAPI document by \`npm run types\`. Do not edit.\n\n${astToString(ast)}`;
  if (!isCheck) {
    writeFileSync(target, text);
  } else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error(`${target} is stale: run make types`);
    process.exit(1);
  }
}
