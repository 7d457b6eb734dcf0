import { SegmentedControl, Tooltip } from "@mantine/core";
import { useStore } from "zustand";
import type { Layout } from "../../state/view";
import { useProject, useView } from "./project-context";

type Choice = Layout | "both";

/** Whole map, crop map, or both side by side. From one to the other the points glide. */
export function LayoutSwitch() {
  const { session } = useProject();
  const choice = useView((view): Choice => (view.isSplit ? "both" : view.layout));
  const hasCrops = useStore(session.map, (state) => state.data?.crop != null);
  const choose = (chosen: Choice) =>
    session.view.setState(chosen === "both" ? { isSplit: true } : { isSplit: false, layout: chosen });
  return (
    <Tooltip
      label={
        hasCrops
          ? "Whole images, crops to the object (V), or both side by side (Shift V)"
          : "The crop map comes with the first model"
      }
    >
      <SegmentedControl
        size="xs"
        value={hasCrops ? choice : "whole"}
        onChange={(value) => choose(value as Choice)}
        data={[
          { value: "whole", label: "Whole" },
          { value: "crop", label: "Crops", disabled: !hasCrops },
          { value: "both", label: "Both", disabled: !hasCrops },
        ]}
        aria-label="Map"
        data-testid="layout-switch"
      />
    </Tooltip>
  );
}
