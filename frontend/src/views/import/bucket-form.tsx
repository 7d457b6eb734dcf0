import { Button, Group, Loader, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ImportInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { importSourcesQuery } from "../../api/queries";
import type { NewImport } from "../../state/upload";
import { ClassesFromFolders } from "./classes-from-folders";
import { NotAllowedNote } from "./not-allowed-note";

export interface BucketFormProps {
  projectId: number;
  onStart: (request: NewImport) => void;
}

/** Objects of an S3-compatible bucket below a prefix. */
export function BucketForm({ projectId, onStart }: BucketFormProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [prefix, setPrefix] = useState("");
  const [classesFromFolders, setClassesFromFolders] = useState(false);
  const sources = useQuery(importSourcesQuery(projectId));

  if (sources.error) return <Text c="red">{messageOf(sources.error)}</Text>;
  if (!sources.data) return <Loader color="gray" size="sm" aria-label="Reading what is allowed" />;
  const { buckets } = sources.data;
  if (buckets.length === 0) return <NotAllowedNote what="Buckets" setting="IMPORT_BUCKETS" />;
  const bucket = chosen ?? buckets[0];
  const name = [bucket, prefix].filter(Boolean).join("/");
  return (
    <Stack gap="md">
      <Group grow align="flex-start">
        <Select
          label="Bucket"
          size="sm"
          data={[...buckets]}
          value={bucket}
          onChange={setChosen}
          allowDeselect={false}
          data-testid="bucket"
        />
        <TextInput
          label="Prefix"
          size="sm"
          placeholder="all of it"
          description="Keys that start with it, such as photos/2026/"
          inputWrapperOrder={["label", "input", "description"]}
          value={prefix}
          maxLength={ImportInLimits.prefix.maxLength}
          onChange={(event) => setPrefix(event.currentTarget.value)}
          data-testid="bucket-prefix"
        />
      </Group>
      <ClassesFromFolders checked={classesFromFolders} onChange={setClassesFromFolders} />
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Objects are copied into the project. It can be synced again later.
        </Text>
        <Button
          size="sm"
          onClick={() => onStart({ name, bucket, prefix, classesFromFolders })}
          data-testid="bucket-import-start"
        >
          Import from the bucket
        </Button>
      </Group>
    </Stack>
  );
}
