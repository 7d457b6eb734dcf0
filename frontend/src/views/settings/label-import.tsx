import { Alert, Button, FileButton, Group, List, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postForm } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { LabelImport } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import classes from "./settings.module.css";

const MAX_SHOWN = 5;

/** A file of labels: first what it would do, then, on a second click, doing it. */
export function LabelImportForm({ projectId }: { projectId: number }) {
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const send = useMutation({
    mutationFn: async ({ chosen, isDryRun }: { chosen: File; isDryRun: boolean }) => {
      const form = new FormData();
      form.append("file", chosen);
      const url = `/api/v1/projects/${projectId}/label-imports?dry_run=${isDryRun}`;
      return { result: await postForm<LabelImport>(url, form), isDryRun };
    },
    onSuccess: ({ isDryRun }) => {
      if (isDryRun) return;
      setFile(null);
      void queryClient.invalidateQueries({ queryKey: keys.classes(projectId) });
      void queryClient.invalidateQueries({ queryKey: keys.project(projectId) });
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen) send.mutate({ chosen, isDryRun: true });
  };
  const outcome = send.data;

  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        Labels from a file
      </Text>
      <Text size="xs" c="dimmed" mb={8}>
        CSV, JSON lines, COCO, Label Studio or FiftyOne. Pictures are found by content or path; labels of
        members stay theirs.
      </Text>
      <div className={`${classes.card} ${classes.padded}`} data-testid="label-import">
        <Group gap="xs">
          <FileButton onChange={choose} accept=".csv,.tsv,.json,.jsonl,.ndjson">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileImport size={15} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text size="sm" flex={1} truncate>
            {file?.name}
          </Text>
          {file && outcome?.isDryRun && outcome.result.num_labelled > 0 && (
            <Button
              loading={send.isPending}
              onClick={() => send.mutate({ chosen: file, isDryRun: false })}
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
