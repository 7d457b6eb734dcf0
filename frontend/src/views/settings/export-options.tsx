import { Checkbox, MultiSelect, SegmentedControl, Select, Slider, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { classesQuery } from "../../api/queries";
import type { ExportRequest, Project } from "../../api/types";
import { type ExportFormat, FORMATS, formatOf, type Labelled, type Pictures } from "../../lib/export-link";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "../../lib/retention";
import classes from "./settings.module.css";

interface ExportOptionsProps {
  project: Project;
  options: ExportRequest;
  onChange: (options: ExportRequest) => void;
}

/** The form of an export. What a format does not know is not shown. */
export function ExportOptions({ project, options, onChange }: ExportOptionsProps) {
  const { data: labelClasses } = useQuery(classesQuery(project.id));
  const choice = formatOf(options.format ?? "csv");
  const change = (part: ExportRequest) => onChange({ ...options, ...part });
  return (
    <div className={`${classes.card} ${classes.padded}`}>
      <Stack gap="lg">
        <Select
          label="Format"
          description={choice.detail}
          inputWrapperOrder={["label", "input", "description"]}
          size="sm"
          value={choice.value}
          onChange={(value) => value && change({ format: value as ExportFormat })}
          data={FORMATS.map(({ value, title }) => ({ value, label: title }))}
          allowDeselect={false}
          data-testid="export-format"
        />
        <Choice title="Images">
          <SegmentedControl
            size="xs"
            value={options.labelled ?? "all"}
            onChange={(value) => change({ labelled: value as Labelled })}
            data={[
              { value: "all", label: "All" },
              { value: "labelled", label: "Labelled" },
              { value: "unlabelled", label: "Unlabelled" },
              { value: "disagrees", label: "Model disagrees" },
            ]}
            aria-label="Which images"
            data-testid="export-labelled"
          />
        </Choice>
        <MultiSelect
          label="Only these classes"
          size="sm"
          clearable
          searchable
          placeholder={options.class_id?.length ? undefined : "All classes"}
          value={(options.class_id ?? []).map(String)}
          onChange={(values) => change({ class_id: values.map(Number) })}
          data={(labelClasses ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          data-testid="export-classes"
        />
        {choice.hasPictures && (
          <Choice title="Pictures">
            <SegmentedControl
              size="xs"
              value={options.pictures === "cropped" && !choice.mayCrop ? "whole" : options.pictures}
              onChange={(value) => change({ pictures: value as Pictures })}
              data={[
                { value: "whole", label: "Whole" },
                ...(choice.mayCrop ? [{ value: "cropped", label: "Cropped" }] : []),
                ...(choice.value === "imagefolder" || choice.value === "yolo_classify"
                  ? []
                  : [{ value: "none", label: "None" }]),
              ]}
              aria-label="Pictures"
              data-testid="export-pictures"
            />
          </Choice>
        )}
        <Choice
          title={`Weak boxes and crops keep ${retentionLabel(options.retention ?? 1)} of the attention`}
        >
          <Slider
            min={0}
            max={SLIDER_MAX}
            value={positionOfRetention(options.retention ?? project.retention)}
            onChange={(position) => change({ retention: retentionOfPosition(position) })}
            label={null}
            thumbLabel="Retention of weak boxes and crops"
            size={4}
          />
        </Choice>
        {choice.hasSplits && (
          <Choice title={`Validation split: ${Math.round(100 * (options.validation_share ?? 0))} %`}>
            <Slider
              min={0}
              max={50}
              step={5}
              value={100 * (options.validation_share ?? 0)}
              onChange={(percent) => change({ validation_share: percent / 100 })}
              label={null}
              thumbLabel="Share of the validation split in percent"
              size={4}
            />
          </Choice>
        )}
        {choice.hasOneClass && (
          <Checkbox
            size="sm"
            label="Fill in with predictions"
            description="Images that nobody labelled count as what the model says."
            checked={options.fill_with_predictions ?? false}
            onChange={(event) => change({ fill_with_predictions: event.currentTarget.checked })}
            data-testid="export-fill"
          />
        )}
      </Stack>
    </div>
  );
}

function Choice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={8}>
        {title}
      </Text>
      {children}
    </div>
  );
}
