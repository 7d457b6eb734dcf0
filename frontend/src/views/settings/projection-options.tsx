/** What shapes the map, beside how images look. Part of the project's general settings; another choice lays it out anew. */
import { Select, Stack, Switch } from "@mantine/core";
import type { Project } from "../../api/types";

export interface ProjectionChoice {
  projection_embedding: Project["projection_embedding"];
  projection_uses_labels: boolean;
}

const EMBEDDINGS: readonly { value: Project["projection_embedding"]; label: string }[] = [
  { value: "looks", label: "How they look" },
  { value: "classes", label: "How they look, and what the model sees in them" },
];

export interface ProjectionOptionsProps {
  value: ProjectionChoice;
  isReadOnly: boolean;
  onChange: (value: ProjectionChoice) => void;
}

export function ProjectionOptions({ value, isReadOnly, onChange }: ProjectionOptionsProps) {
  return (
    <Stack gap="sm">
      <Select
        label="Images lie together on the map by"
        description="Once there is a model, its classes part more clearly. Saving lays the map out anew."
        size="sm"
        data={[...EMBEDDINGS]}
        value={value.projection_embedding}
        allowDeselect={false}
        disabled={isReadOnly}
        onChange={(chosen) => {
          const embedding = EMBEDDINGS.find((entry) => entry.value === chosen);
          if (embedding) onChange({ ...value, projection_embedding: embedding.value });
        }}
        data-testid="settings-embedding"
      />
      <Switch
        label="Labels shape the map"
        description="Labelled images draw towards their class and away from others. Saving lays the map out anew."
        size="sm"
        checked={value.projection_uses_labels}
        disabled={isReadOnly}
        onChange={(event) => onChange({ ...value, projection_uses_labels: event.currentTarget.checked })}
        data-testid="settings-uses-labels"
      />
    </Stack>
  );
}
