import { Button, Code, FileButton, Group, Loader, Stack, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/problem";
import { importSourcesQuery } from "../../api/queries";
import { importName, pickedFromInput } from "../../lib/files";
import type { UploadRequest } from "../../state/upload";
import { NotAllowedNote } from "./not-allowed-note";

export interface ManifestFormProps {
  projectId: number;
  onStart: (request: UploadRequest) => void;
}

/** Lists of addresses, fetched by the server from the hosts that its operator allows. */
export function ManifestForm({ projectId, onStart }: ManifestFormProps) {
  const [chosen, setChosen] = useState<File[]>([]);
  const sources = useQuery(importSourcesQuery(projectId));

  if (sources.error) return <Text c="red">{messageOf(sources.error)}</Text>;
  if (!sources.data) return <Loader color="gray" size="sm" aria-label="Reading what is allowed" />;
  const hosts = sources.data.url_hosts;
  if (hosts.length === 0)
    return <NotAllowedNote what="Web addresses" setting="IMPORT_URL_HOSTS or IMPORT_PRIVATE_HOSTS" />;
  const files = pickedFromInput(chosen);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        A CSV file with a header, or JSON Lines: <Code>url</Code> in each row, and where you have them{" "}
        <Code>path</Code> (the name to show) and <Code>label</Code> (its class).
      </Text>
      <Text size="sm">
        Allowed hosts: <span data-testid="manifest-hosts">{hosts.join(", ")}</span>
      </Text>
      <Group gap="xs">
        <FileButton multiple accept=".csv,.jsonl,.ndjson" onChange={setChosen}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileImport size={15} />}>
              Choose lists
            </Button>
          )}
        </FileButton>
        <Text size="sm" flex={1} truncate>
          {chosen.map(({ name }) => name).join(", ")}
        </Text>
        <Button
          size="sm"
          disabled={files.length === 0}
          onClick={() => onStart({ name: importName(files), files, isManifest: true })}
          data-testid="manifest-import-start"
        >
          Fetch and import
        </Button>
      </Group>
    </Stack>
  );
}
