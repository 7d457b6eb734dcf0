// Removes addresses from the lock files: where a package comes from is the installer's setting, not the project's.
import { readFileSync, writeFileSync } from "node:fs";

for (const path of ["package-lock.json", "tools/types/package-lock.json"]) {
  const lock = JSON.parse(readFileSync(path, "utf8"));
  for (const entry of Object.values(lock.packages)) {
    delete entry.resolved;
    delete entry.funding;
    if (typeof entry.deprecated === "string") delete entry.deprecated;
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
