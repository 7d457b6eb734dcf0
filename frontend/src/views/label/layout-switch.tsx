import { SegmentedControl, Tooltip } from "@mantine/core";
import { useStore } from "zustand";
import type { Layout } from "../../state/view";
import { useProject, useView } from "./project-context";

/** Whole map or crop map; the points glide from one to the other. */
export function LayoutSwitch() {
  const { session } = useProject();
  const layout = useView((view) => view.layout);
  const hasCrops = useStore(session.map, (state) => state.data?.crop != null);
  return (
    <Tooltip
      label={hasCrops ? "Whole images or crops to the object (V)" : "The crop map comes with the first model"}
    >
      <SegmentedControl
        size="xs"
        value={hasCrops ? layout : "whole"}
        onChange={(value) => session.view.setState({ layout: value as Layout })}
        data={[
          { value: "whole", label: "Whole" },
          { value: "crop", label: "Crops", disabled: !hasCrops },
        ]}
        aria-label="Map"
        data-testid="layout-switch"
      />
    </Tooltip>
  );
}
