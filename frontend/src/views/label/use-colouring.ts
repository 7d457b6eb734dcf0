/** Keeps the map's colours up to date with labels, predictions and what has to be read for them. */
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useMemo } from "react";
import { useStore } from "zustand";
import { annotatorsQuery, probabilityQuery } from "../../api/array-queries";
import { type Colouring, colourMap } from "../../lib/map-colours";
import { useMapBackground } from "../common/map-background";
import { useProject, useView } from "./project-context";
import { useLabelFacts } from "./use-label-facts";

const BY_FACTS = ["annotator", "agreement", "age"];

export function useColouring(): Colouring | null {
  const { session, classes } = useProject();
  const background = useMapBackground();
  const isDark = useComputedColorScheme("dark") === "dark";
  const colourBy = useView((view) => view.colourBy);
  const colourClassId = useView((view) => view.colourClassId);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const data = useStore(session.map, (state) => state.data);
  const facts = useLabelFacts(BY_FACTS.includes(colourBy));
  const people = useQuery({ ...annotatorsQuery(session.projectId), enabled: colourBy === "annotator" });
  const asked = colourBy === "probability" ? (colourClassId ?? classes[0]?.id ?? null) : null;
  const probability = useQuery(probabilityQuery(session.projectId, data?.modelVersion ?? null, asked));
  const colouring = useMemo(
    () =>
      data &&
      colourMap({
        numImages: data.numImages,
        removed: data.removed,
        colourBy,
        classes,
        labels,
        predictions: data.predictedClass,
        confidence: data.confidence,
        facts,
        annotators: new Map(people.data?.map(({ id, username }) => [id, username])),
        probability: asked === null ? null : (probability.data ?? null),
        theme: { background, isDark },
      }),
    [data, colourBy, classes, labels, facts, people.data, asked, probability.data, background, isDark],
  );
  useLayoutEffect(() => session.colouring.setState({ shown: colouring }), [session, colouring]);
  return colouring;
}
