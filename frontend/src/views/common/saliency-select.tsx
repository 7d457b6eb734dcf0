import { Select } from "@mantine/core";
import type { SaliencyMethod } from "../../api/types";
import { METHOD_ORDER, methodTitle, SALIENCY_METHODS } from "../../lib/saliency-methods";
import classes from "./saliency-select.module.css";

export interface SaliencySelectProps {
  value: SaliencyMethod;
  onChange: (method: SaliencyMethod) => void;
  /** When a change shows. */
  effect?: string;
}

/** Chooses where crops come from; the choice's own line says what it costs. */
export function SaliencySelect({ value, onChange, effect }: SaliencySelectProps) {
  return (
    <Select
      label="Crops come from"
      description={[SALIENCY_METHODS[value].hint, effect].filter(Boolean).join(" ")}
      size="sm"
      value={value}
      data={METHOD_ORDER.map((method) => ({ value: method, label: methodTitle(method) }))}
      onChange={(chosen) => chosen && onChange(chosen as SaliencyMethod)}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.label}
          <small>{SALIENCY_METHODS[option.value as SaliencyMethod].hint}</small>
        </span>
      )}
      allowDeselect={false}
      maxDropdownHeight={320}
      comboboxProps={{ withinPortal: true }}
      data-testid="saliency-method"
    />
  );
}
