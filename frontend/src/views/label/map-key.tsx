/** What the colours of the map mean. Each line selects its images; Shift adds, Alt takes away, Ctrl keeps what is in both. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import type { MouseEvent } from "react";
import { formatCount, formatPlural } from "../../lib/format";
import { indexesOfLine, type KeyLine } from "../../lib/map-colours";
import { type Combine, combineIndexes } from "../../lib/selections";
import { onlyPassing } from "../../state/filter";
import { setSelection } from "../../state/selection";
import type { ColourBy } from "../../state/view";
import { keepFocus } from "./keep-focus";
import classes from "./map-key.module.css";
import { useProject, useView } from "./project-context";
import { useColouring } from "./use-colouring";

const TITLES: Record<ColourBy, string> = {
  label: "Label",
  prediction: "Prediction",
  confidence: "Confidence",
  probability: "Probability",
  disagreement: "Label and model",
  annotator: "Labelled by",
  agreement: "Agreement",
  age: "Labelled",
};

export function MapKey() {
  const { session, classById, classes: all } = useProject();
  const colouring = useColouring();
  const colourBy = useView((view) => view.colourBy);
  const colourClassId = useView((view) => view.colourClassId) ?? all[0]?.id ?? 0;
  // The list of classes is the key of the labels.
  if (!colouring || colourBy === "label" || colouring.key.length === 0) return null;
  const of = colourBy === "probability" ? ` of ${classById.get(colourClassId)?.name ?? "no class"}` : "";

  const select = (line: KeyLine, event: MouseEvent) => {
    const { selection, filter, screen } = session;
    const found = onlyPassing(filter, indexesOfLine(colouring.colours, line));
    const indexes = combineIndexes(selection.getState().indexes, found, combineOfKeys(event));
    setSelection(selection, indexes, { gesture: "click", now_ms: performance.now() });
    screen.setState({ lastLabel: null });
  };
  return (
    <div
      className={classes.key}
      role="toolbar"
      aria-label="Colours of the map"
      onMouseDown={keepFocus}
      data-testid="map-key"
    >
      <span className={classes.title}>
        {TITLES[colourBy]}
        {of}
      </span>
      {colouring.key.map((line) => (
        <Tooltip key={line.title} label={`Select ${formatPlural(line.count, "image")}`}>
          <UnstyledButton
            className={classes.line}
            onClick={(event) => select(line, event)}
            data-testid={`key-${line.title}`}
          >
            <i style={{ background: line.colour }} />
            <span className="truncate">{line.title}</span>
            <span className={`${classes.count} num`}>{formatCount(line.count)}</span>
          </UnstyledButton>
        </Tooltip>
      ))}
    </div>
  );
}

/** The same keys as for a drag on the map. */
export function combineOfKeys(keys: {
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}): Combine {
  if (keys.altKey) return "subtract";
  if (keys.ctrlKey || keys.metaKey) return "intersect";
  return keys.shiftKey ? "add" : "replace";
}
