import { Tooltip, UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { useStore } from "zustand";
import { countDoubtful, DOUBT_STEPS } from "../../lib/doubt";
import { formatCount, formatPlural } from "../../lib/format";
import { shownAlone } from "../../lib/shown-alone";
import { showAlone } from "../../state/filter";
import classes from "./doubt-chips.module.css";
import { useProject } from "./project-context";

/** How many images without a label the model is unsure of, by confidence; a click shows them alone. */
export function DoubtChips() {
  const { session } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const step = useStore(session.filter, (state) => shownAlone(state.filter).step);
  const counts = useMemo(() => countDoubtful(data, labels), [data, labels]);
  if (counts[0] === 0 && step === null) return null;
  return (
    <fieldset
      className={`${classes.chips} num`}
      aria-label="Images without a label that the model is unsure of, by confidence"
    >
      <span className={classes.title}>Unsure</span>
      {DOUBT_STEPS.map((percent, at) => {
        const isOn = step === percent;
        const words = `${formatPlural(counts[at], "image")} without a label at most ${percent} % sure`;
        return (
          <Tooltip key={percent} label={isOn ? "Show the others again" : `Show only ${words}`}>
            <UnstyledButton
              className={classes.chip}
              aria-pressed={isOn}
              disabled={counts[at] === 0 && !isOn}
              onClick={() => showAlone(session.filter, { step: isOn ? null : percent })}
              data-testid={`doubt-${percent}`}
            >
              ≤{percent} % <b>{formatCount(counts[at])}</b>
            </UnstyledButton>
          </Tooltip>
        );
      })}
    </fieldset>
  );
}
