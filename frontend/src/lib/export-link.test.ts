import { expect, test } from "vitest";
import { exportCommand, exportUrl } from "./export-link";

const options = { projectId: 4, format: "jsonl", retention: 0.9 } as const;

test("the address names format and retention", () => {
  expect(exportUrl(options)).toBe("/api/v1/projects/4/export?format=jsonl&retention=0.9");
});

test("the command carries the token as a variable and names the file by format", () => {
  expect(exportCommand(options, "http://lab:8000")).toBe(
    'curl -fL -H "Authorization: Bearer $TOKEN" "http://lab:8000/api/v1/projects/4/export?format=jsonl&retention=0.9" -o labels.jsonl',
  );
});
