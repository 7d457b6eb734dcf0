import { Alert, Button, FileButton, Group, List, Select, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postForm } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { LabelFileFormat, LabelImport } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import classes from "./label-file-form.module.css";

const MAX_SHOWN = 5;
const FORMATS: { value: LabelFileFormat; label: string }[] = [
  { value: "auto", label: "Any format" },
  { value: "csv", label: "CSV" },
  { value: "jsonl", label: "JSON Lines" },
  { value: "coco", label: "COCO" },
  { value: "label_studio", label: "Label Studio" },
  { value: "fiftyone", label: "FiftyOne" },
];

interface Sending {
  chosen: File;
  format: LabelFileFormat;
  isDryRun: boolean;
}

/** A file of labels: first what it would do, then, on a second click, doing it. */
export function LabelFileForm({ projectId }: { projectId: number }) {
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<LabelFileFormat>("auto");
  const send = useMutation({
    mutationFn: async ({ chosen, format, isDryRun }: Sending) => {
      const form = new FormData();
      form.append("file", chosen);
      const url = `/api/v1/projects/${projectId}/label-imports?dry_run=${isDryRun}&format=${format}`;
      return { result: await postForm<LabelImport>(url, form), isDryRun };
    },
    onSuccess: ({ isDryRun }) => {
      if (isDryRun) return;
      setFile(null);
      void queryClient.invalidateQueries({ queryKey: keys.classes(projectId) });
      void queryClient.invalidateQueries({ queryKey: keys.project(projectId) });
    },
  });
  const look = (chosen: File | null, as: LabelFileFormat) => {
    setFile(chosen);
    setFormat(as);
    if (chosen) send.mutate({ chosen, format: as, isDryRun: true });
  };
  const outcome = send.data;

  return (
    <div>
      <Text size="sm" c="dimmed" mb={12}>
        Labels for images that are in the project. Pictures are found by content or path; labels of members
        stay theirs. You see what would happen before anything does.
      </Text>
      <div className={classes.card} data-testid="label-import">
        <Group gap="xs">
          <FileButton onChange={(chosen) => look(chosen, format)} accept=".csv,.tsv,.json,.jsonl,.ndjson">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileImport size={15} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Select
            aria-label="Format of the file"
            data={FORMATS}
            value={format}
            onChange={(as) => look(file, as ?? "auto")}
            allowDeselect={false}
            w={150}
            data-testid="label-file-format"
          />
          <Text size="sm" flex={1} truncate>
            {file?.name}
          </Text>
          {file && outcome?.isDryRun && outcome.result.num_labelled > 0 && (
            <Button
              loading={send.isPending}
              onClick={() => send.mutate({ chosen: file, format, isDryRun: false })}
              data-testid="label-import-start"
            >
              Label {formatPlural(outcome.result.num_labelled, "image")}
            </Button>
          )}
        </Group>
        {send.error && (
          <Alert color="red" variant="light" role="alert" mt="sm">
            {messageOf(send.error)}
          </Alert>
        )}
        {outcome && !send.error && <Outcome result={outcome.result} isDryRun={outcome.isDryRun} />}
      </div>
    </div>
  );
}

function Outcome({ result, isDryRun }: { result: LabelImport; isDryRun: boolean }) {
  const { num_labelled, num_rows, num_not_found, not_found, new_classes, unknown_authors } = result;
  return (
    <Alert color={isDryRun ? "gray" : "green"} variant="light" mt="sm" data-testid="label-import-outcome">
      <List size="sm" spacing={2}>
        <List.Item>
          {isDryRun ? "Would label" : "Labelled"} {formatPlural(num_labelled, "image")} from{" "}
          {formatPlural(num_rows, "row")}.
        </List.Item>
        {new_classes.length > 0 && (
          <List.Item>
            {isDryRun ? "New classes" : "Classes made"}: {new_classes.slice(0, MAX_SHOWN).join(", ")}
            {new_classes.length > MAX_SHOWN && ` and ${formatCount(new_classes.length - MAX_SHOWN)} more`}.
          </List.Item>
        )}
        {unknown_authors.length > 0 && (
          <List.Item>
            No members here, so their labels become yours: {unknown_authors.slice(0, MAX_SHOWN).join(", ")}.
          </List.Item>
        )}
        {num_not_found > 0 && (
          <List.Item>
            {formatPlural(num_not_found, "row")} without exactly one picture:
            <List size="xs" withPadding>
              {not_found.slice(0, MAX_SHOWN).map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </List.Item>
        )}
      </List>
    </Alert>
  );
}
