// Writes src/api/schema.gen.ts from an OpenAPI document: `npm run types -- path/to/openapi.json`.
// With `--check` it writes nothing and fails when the committed file differs.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../../src/api/schema.gen.ts");
const args = process.argv.slice(2);
const isCheck = args.includes("--check");
const source = args.find((argument) => !argument.startsWith("--"));

if (!source) {
  console.error("usage: npm run types -- path/to/openapi.json [--check]");
  process.exit(2);
}
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

const entry = pathToFileURL(join(here, "node_modules/openapi-typescript/dist/index.mjs")).href;
const { default: openapiTS, astToString } = await import(entry);
const ast = await openapiTS(readFileSync(resolve(source), "utf8"), {
  alphabetize: true,
  defaultNonNullable: false,
});
const text = `// Generated from the OpenAPI document by \`npm run types\`. Do not edit.\n\n${astToString(ast)}`;

if (isCheck) {
  const isFresh = existsSync(target) && readFileSync(target, "utf8") === text;
  if (!isFresh) {
    console.error(`${target} is stale: run make types`);
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
