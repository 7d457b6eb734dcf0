import { expect, test } from "vitest";
import { auditWords } from "./audit-words";

test.each([
  ["member.set", { username: "vera", role: "viewer" }, "made vera viewer"],
  ["project.update", { settings: ["name", "input_size_px"] }, "changed name, input size px"],
  ["user.update", { username: "ann", is_active: false }, "closed ann"],
  ["user.update", { username: "ann", is_active: true, is_staff: true }, "opened and made site staff ann"],
  ["user.update", { username: "ann", is_staff: false }, "took site staff's rights from ann"],
  ["images.remove", { removal: 4, num_images: 12, num_labelled: 3 }, "removed 12 images, 3 of them labelled"],
  ["images.restore", { num_images: 1, num_labelled: 0 }, "brought 1 image back"],
  ["something.new", { id: 3 }, "something.new (id 3)"],
  ["something.new", {}, "something.new"],
])("%s %o reads: %s", (action, detail, words) => {
  expect(auditWords(action, detail)).toBe(words);
});
