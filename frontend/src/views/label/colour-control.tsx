import { Select, Text } from "@mantine/core";
import { useStore } from "zustand";
import type { ColourBy } from "../../state/view";
import classes from "./colour-control.module.css";
import { useProject, useView } from "./project-context";

export function ColourControl() {
  const { session } = useProject();
  const colourBy = useView((view) => view.colourBy);
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  return (
    <div className={classes.control}>
      <Text size="xs" c="dimmed" id="colour-by">
        Colour
      </Text>
      <Select
        className={classes.select}
        value={hasModel ? colourBy : "label"}
        onChange={(value) => session.view.setState({ colourBy: value as ColourBy })}
        data={[
          { value: "label", label: "Label" },
          { value: "prediction", label: "Prediction", disabled: !hasModel },
          { value: "confidence", label: "Confidence", disabled: !hasModel },
        ]}
        aria-label="Colour by"
        data-testid="colour-by"
      />
    </div>
  );
}
