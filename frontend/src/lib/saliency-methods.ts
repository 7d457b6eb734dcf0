/** Where crops come from, in words: one entry for each method that the server names, in the order of offer. */
import type { SaliencyMethod } from "../api/types";

export interface MethodText {
  title: string;
  /** What it is good for and what it costs, in one line. */
  hint: string;
}

export const SALIENCY_METHODS: Readonly<Record<SaliencyMethod, MethodText>> = {
  labeler: {
    title: "Evidence and border contrast",
    hint: "Keeps most of the object in half of the picture. As fast as Grad-CAM.",
  },
  gradcam: { title: "Grad-CAM", hint: "The regions that speak for the predicted class." },
  gradcampp: { title: "Grad-CAM++", hint: "Smoother than Grad-CAM, with larger crops." },
  cam: { title: "CAM", hint: "The class activation map itself; its crops equal Grad-CAM's." },
  cam_recombined: {
    title: "CAM, all weights",
    hint: "Weights count by their size, for and against the class.",
  },
  wgap: { title: "Weighted pooling", hint: "A classifier on the strongest places of each channel." },
  wgap_recombined: {
    title: "Weighted pooling, all weights",
    hint: "Weighted pooling with weights counted by their size.",
  },
  mean: { title: "Mean activation", hint: "Whatever excites the network, without asking for a class." },
  backprop: {
    title: "Gradient of the pixels",
    hint: "Large crops. Reads every image again, at about three times the cost.",
  },
  backprop_graphcut: {
    title: "Gradient and graph cut",
    hint: "The tightest crops, which may cut the object. About a second an image.",
  },
};

export const METHOD_ORDER = Object.keys(SALIENCY_METHODS) as SaliencyMethod[];

export function methodTitle(method: SaliencyMethod): string {
  return SALIENCY_METHODS[method].title;
}
