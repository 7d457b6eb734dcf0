import { expect, test } from "vitest";
import { may, ROLES } from "./permissions";

test("every role may what the ones before it may", () => {
  const allowed = ROLES.map(({ value }) =>
    (["label", "editClasses", "train", "import", "cancelJob", "editProject"] as const).filter((permission) =>
      may(value, permission),
    ),
  );
  expect(allowed).toEqual([
    [],
    ["label", "editClasses", "train"],
    ["label", "editClasses", "train"],
    ["label", "editClasses", "train", "import", "cancelJob", "editProject"],
  ]);
});
