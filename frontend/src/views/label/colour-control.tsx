import { Select, Text } from "@mantine/core";
import { useStore } from "zustand";
import { COLOURINGS, type ColourBy } from "../../state/view";
import classes from "./colour-control.module.css";
import { useProject, useView } from "./project-context";

const TITLES: Record<Exclude<ColourBy, "probability">, string> = {
  label: "Label",
  prediction: "Prediction",
  confidence: "Confidence",
  disagreement: "Label and model",
  annotator: "Labelled by",
  agreement: "Agreement",
  age: "Age of the label",
};
const OF_THE_MODEL: readonly ColourBy[] = ["prediction", "confidence", "disagreement"];
const PROBABILITY = "probability:";

/** What the colours of the map stand for; each class's probability is a choice of its own. */
export function ColourControl() {
  const { session, classes: all } = useProject();
  const colourBy = useView((view) => view.colourBy);
  const colourClassId = useView((view) => view.colourClassId) ?? all[0]?.id;
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  const plain = COLOURINGS.flatMap((value) =>
    value === "probability"
      ? []
      : [{ value, label: TITLES[value], disabled: !hasModel && OF_THE_MODEL.includes(value) }],
  );
  const ofClass = all.map(({ id, name }) => ({
    value: `${PROBABILITY}${id}`,
    label: name,
    disabled: !hasModel,
  }));
  const isOfModel = OF_THE_MODEL.includes(colourBy) || colourBy === "probability";
  const chosen = colourBy === "probability" ? `${PROBABILITY}${colourClassId}` : colourBy;

  const choose = (value: string | null) => {
    if (value?.startsWith(PROBABILITY)) {
      const classId = Number(value.slice(PROBABILITY.length));
      session.view.setState({ colourBy: "probability", colourClassId: classId });
    } else if (value) session.view.setState({ colourBy: value as ColourBy });
  };
  return (
    <div className={classes.control}>
      <Text size="xs" c="dimmed" id="colour-by">
        Colour
      </Text>
      <Select
        className={classes.select}
        value={hasModel || !isOfModel ? chosen : "label"}
        onChange={choose}
        data={[...plain, ...(ofClass.length > 0 ? [{ group: "Probability of", items: ofClass }] : [])]}
        allowDeselect={false}
        maxDropdownHeight={420}
        aria-label="Colour by"
        data-testid="colour-by"
      />
    </div>
  );
}
