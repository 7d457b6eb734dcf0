import { expect, test } from "vitest";
import type { Backbone } from "../../api/types";
import { availabilityOf, factsOf } from "./backbone-list";

const resnet: Backbone = {
  name: "resnet50",
  title: "ResNet-50",
  channels: 2048,
  licence: "BSD-3-Clause",
  megabytes: 97.8,
  speed_class: "slow",
  fit_for_cpu: false,
  is_available: false,
  is_downloadable: true,
  is_default: false,
  detail: "",
};

test("weights are at hand, will be downloaded, or must be brought", () => {
  expect(availabilityOf(resnet)).toBe("download");
  expect(availabilityOf({ ...resnet, is_downloadable: false })).toBe("missing");
  expect(availabilityOf({ ...resnet, is_available: true, is_downloadable: false })).toBe("ready");
});

test("size and speed are told, and when a GPU is wanted", () => {
  expect(factsOf(resnet)).toBe("slow, wants a GPU · 97.8 MB");
  expect(factsOf({ ...resnet, speed_class: "fast", fit_for_cpu: true, megabytes: 4.1 })).toBe(
    "fast · 4.1 MB",
  );
});
