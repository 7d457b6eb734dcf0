import { expect, test } from "vitest";
import { exportCommand, exportUrl, FORMATS, needsJob, relevantOptions } from "./export-link";

test("the address names what was chosen and repeats lists", () => {
  expect(exportUrl(4, { format: "jsonl", retention: 0.9, class_id: [1, 7], labelled: "labelled" })).toBe(
    "/api/v1/projects/4/export?format=jsonl&retention=0.9&class_id=1&class_id=7&labelled=labelled",
  );
});

test("options that a format does not know stay out of its address", () => {
  const options = { pictures: "cropped", validation_share: 0.1, fill_with_predictions: true } as const;
  expect(exportUrl(4, { format: "csv", ...options })).toBe("/api/v1/projects/4/export?format=csv");
  expect(relevantOptions({ format: "imagefolder", ...options })).toEqual({
    format: "imagefolder",
    ...options,
  });
  expect(relevantOptions({ format: "voc", ...options }).pictures).toBe("whole");
});

test("the command carries the token as a variable and names the file by format", () => {
  expect(exportCommand(4, { format: "imagefolder", pictures: "whole" }, "http://lab:8000")).toBe(
    'curl -fL -H "Authorization: Bearer $TOKEN" "http://lab:8000/api/v1/projects/4/export?format=imagefolder&pictures=whole" -o export.zip',
  );
});

test("only pictures of large projects need a job", () => {
  expect(needsJob({ format: "imagefolder" }, 2_000)).toBe(false);
  expect(needsJob({ format: "imagefolder" }, 2_001)).toBe(true);
  expect(needsJob({ format: "imagefolder", pictures: "none" }, 2_001)).toBe(false);
  expect(needsJob({ format: "csv" }, 1_000_000)).toBe(false);
});

test("no format is offered twice", () => {
  expect(new Set(FORMATS.map(({ value }) => value)).size).toBe(FORMATS.length);
});
