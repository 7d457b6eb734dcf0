import { expect, it } from "vitest";
import { isKeyTaken } from "./key-target";

it("leaves every key to a field that somebody types in", () => {
  expect(isKeyTaken({ tagName: "INPUT", type: "text" }, "1")).toBe(true);
  expect(isKeyTaken({ tagName: "INPUT", type: "number" }, "z")).toBe(true);
  expect(isKeyTaken({ tagName: "INPUT" }, "x")).toBe(true);
  expect(isKeyTaken({ tagName: "TEXTAREA" }, "x")).toBe(true);
  expect(isKeyTaken({ tagName: "SELECT" }, "x")).toBe(true);
  expect(isKeyTaken({ tagName: "DIV", isContentEditable: true }, "x")).toBe(true);
});

it("takes class keys and undo also after a click on a switch, whose own keys stay its own", () => {
  expect(isKeyTaken({ tagName: "INPUT", type: "radio" }, "1")).toBe(false);
  expect(isKeyTaken({ tagName: "INPUT", type: "radio" }, "z")).toBe(false);
  expect(isKeyTaken({ tagName: "INPUT", type: "radio" }, "ArrowLeft")).toBe(true);
  expect(isKeyTaken({ tagName: "INPUT", type: "checkbox" }, " ")).toBe(true);
});

it("takes class keys after a choice from a list, which is a field that nobody types in", () => {
  expect(isKeyTaken({ tagName: "INPUT", type: "text", readOnly: true }, "1")).toBe(false);
  expect(isKeyTaken({ tagName: "INPUT", type: "text", readOnly: true }, "ArrowDown")).toBe(true);
});

it("takes keys from the page, buttons and the map", () => {
  expect(isKeyTaken(null, "1")).toBe(false);
  expect(isKeyTaken({ tagName: "BUTTON" }, "1")).toBe(false);
  expect(isKeyTaken({ tagName: "CANVAS" }, "ArrowLeft")).toBe(false);
});
