import { ActionIcon, NumberInput, SegmentedControl, Select } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { classesQuery } from "../../api/queries";
import type { Project } from "../../api/types";
import classes from "./crop-rates.module.css";
import type { OverrideDraft } from "./crop-rates-draft";
import settings from "./settings.module.css";

export interface CropRateOverridesProps {
  project: Project;
  overrides: readonly OverrideDraft[];
  isReadOnly: boolean;
  onChange: (overrides: readonly OverrideDraft[]) => void;
}

/** Classes whose images all get one rate, whatever the shares say. */
export function CropRateOverrides({ project, overrides, isReadOnly, onChange }: CropRateOverridesProps) {
  const { data: all = [] } = useQuery(classesQuery(project.id));
  const free = all.filter(
    (entry) => !entry.is_archived && !overrides.some((override) => override.classId === entry.id),
  );
  const nameOf = (classId: number) => all.find((entry) => entry.id === classId)?.name ?? `class ${classId}`;
  const change = (classId: number, keepPercent: number | null) =>
    onChange(
      overrides.map((override) => (override.classId === classId ? { classId, keepPercent } : override)),
    );
  if (isReadOnly && overrides.length === 0) return null;
  return (
    <section className={`${settings.card} ${classes.card}`} aria-label="Rates of classes">
      <div className={classes.policy}>
        <span>Classes with a rate of their own</span>
        <small>
          By the label, or the prediction where there is none.
          {overrides.length > 0 &&
            " Models predict from whole images alone: such crops would tell the label."}
        </small>
      </div>
      {overrides.map(({ classId, keepPercent }) => (
        <div key={classId} className={classes.override} data-testid="crop-override">
          <b className="truncate">{nameOf(classId)}</b>
          <SegmentedControl
            size="xs"
            value={keepPercent === null ? "whole" : "crop"}
            disabled={isReadOnly}
            onChange={(value) => change(classId, value === "whole" ? null : 95)}
            data={[
              { value: "whole", label: "Whole" },
              { value: "crop", label: "Crop" },
            ]}
            aria-label={`Whole or crop for ${nameOf(classId)}`}
          />
          <NumberInput
            w={80}
            value={keepPercent ?? ""}
            disabled={keepPercent === null}
            onChange={(value) => change(classId, Number(value))}
            min={1}
            max={100}
            decimalScale={2}
            suffix=" %"
            hideControls
            readOnly={isReadOnly}
            aria-label={`Attention kept for ${nameOf(classId)}`}
          />
          {!isReadOnly && (
            <ActionIcon
              onClick={() => onChange(overrides.filter((override) => override.classId !== classId))}
              aria-label={`Remove the rate of ${nameOf(classId)}`}
            >
              <IconTrash size={15} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!isReadOnly && free.length > 0 && (
        <div className={classes.override}>
          <Select
            placeholder="Add a class…"
            searchable
            value={null}
            data={free.map((entry) => ({ value: String(entry.id), label: entry.name }))}
            onChange={(value) => {
              if (value) onChange([...overrides, { classId: Number(value), keepPercent: null }]);
            }}
            aria-label="Add a class with a rate of its own"
            data-testid="crop-override-add"
          />
        </div>
      )}
    </section>
  );
}
