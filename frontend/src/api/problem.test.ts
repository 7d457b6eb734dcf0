import { expect, test } from "vitest";
import { ApiError, messageOf, problemFromBody } from "./problem";

test("a problem document is read field by field", () => {
  const body = {
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "No model yet",
    code: "not_ready",
  };
  expect(problemFromBody(body, 409)).toEqual({
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "No model yet",
    code: "not_ready",
  });
});

test("a body that is no problem names the status", () => {
  expect(problemFromBody("<html>", 502)).toEqual({
    type: "about:blank",
    title: "The server answered 502",
    status: 502,
    detail: "",
    code: "http_502",
  });
});

test("the message is the detail, or the title without one", () => {
  expect(
    messageOf(new ApiError({ type: "about:blank", title: "T", status: 400, detail: "D", code: "c" })),
  ).toBe("D");
  expect(
    messageOf(new ApiError({ type: "about:blank", title: "T", status: 400, detail: "", code: "c" })),
  ).toBe("T");
  expect(messageOf("plain")).toBe("plain");
});
