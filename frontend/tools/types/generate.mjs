// Writes src/api/schema.gen.ts and src/api/sign-in.gen.ts from the OpenAPI documents of the API and of signing in, and
// src/api/limits.gen.ts, what the API lets a form send:
// `npm run types -- path/to/openapi.json path/to/sign-in-openapi.json`.
// With `--check` it writes nothing and fails when a committed file differs.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const TARGETS = ["schema.gen.ts", "sign-in.gen.ts"];
const LIMITS =
  "minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems".split(" ");
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

const documents = sources.map((source) => JSON.parse(readFileSync(resolve(source), "utf8")));

for (const [at, target] of TARGETS.entries()) {
  const ast = await openapiTS(documents[at], { alphabetize: true, defaultNonNullable: false });
  put(target, astToString(ast));
}
put("limits.gen.ts", limitsOf(documents[0].components.schemas));

function put(name, body) {
  const target = resolve(here, "../../src/api", name);
  const text = `// Generated from the OpenAPI document by \`npm run types\`. Do not edit.\n\n${body}`;
  if (!isCheck) {
    writeFileSync(target, text);
  } else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error(`${target} is stale: run make types`);
    process.exit(1);
  }
}

// One constant for each schema of what is sent, so that a page carries those alone that it uses.
function limitsOf(schemas) {
  const constants = Object.keys(schemas)
    .filter((name) => /(In|Patch)$/.test(name))
    .sort()
    .flatMap((name) => {
      const fields = Object.entries(schemas[name].properties ?? {})
        .map(([field, schema]) => [field, limitsOfField(schema)])
        .filter(([, limits]) => limits.length > 0)
        .map(([field, limits]) => `  ${field}: { ${limits.join(", ")} },\n`);
      return fields.length > 0 ? [`export const ${name}Limits = {\n${fields.join("")}} as const;\n`] : [];
    });
  return constants.join("\n");
}

// Those of a field that may be null are in one of its branches. Sizes of the database's columns are no news to a form.
function limitsOfField(schema) {
  const branches = [schema, ...(schema.anyOf ?? [])];
  return branches.flatMap((branch) =>
    LIMITS.filter((limit) => Math.abs(branch[limit]) < 2 ** 31).map((limit) => `${limit}: ${branch[limit]}`),
  );
}
