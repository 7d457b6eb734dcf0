import { Button, Group, SegmentedControl, Slider, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Project } from "../../api/types";
import { type ExportFormat, exportCommand, exportUrl } from "../../lib/export-link";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "../../lib/retention";
import { CopyLine } from "./copy-line";
import classes from "./settings.module.css";

export function ExportSettings({ project }: { project: Project }) {
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [retention, setRetention] = useState(project.retention);
  const options = { projectId: project.id, format, retention };
  return (
    <>
      <div>
        <h2 className={classes.title}>Export</h2>
        <p className={classes.lead}>
          One line per image: file, label, who gave it and when, prediction, confidence, and the weak box of
          the object.
        </p>
      </div>
      <div className={`${classes.card} ${classes.padded}`}>
        <Stack gap="lg">
          <Group gap="xl">
            <div>
              <Text size="sm" fw={500} mb={6}>
                Format
              </Text>
              <SegmentedControl
                size="xs"
                value={format}
                onChange={(value) => setFormat(value as ExportFormat)}
                data={[
                  { value: "csv", label: "CSV" },
                  { value: "jsonl", label: "JSON lines" },
                ]}
                aria-label="Format"
                data-testid="export-format"
              />
            </div>
            <div style={{ flex: 1 }}>
              <Text size="sm" fw={500} mb={12}>
                Weak boxes at {retentionLabel(retention)}
              </Text>
              <Slider
                min={0}
                max={SLIDER_MAX}
                value={positionOfRetention(retention)}
                onChange={(position) => setRetention(retentionOfPosition(position))}
                label={null}
                thumbLabel="Retention of the weak boxes"
                size={4}
              />
            </div>
          </Group>
          <Group justify="flex-end">
            <Button
              component="a"
              href={exportUrl(options)}
              download
              size="sm"
              leftSection={<IconDownload size={16} />}
              data-testid="export-download"
            >
              Download
            </Button>
          </Group>
        </Stack>
      </div>
      <div>
        <Text size="sm" fw={500} mb={4}>
          From a program
        </Text>
        <Text size="xs" c="dimmed" mb={8}>
          With a token of scope read from{" "}
          <Link href={`/projects/${project.id}/settings/tokens`}>API tokens</Link>. The answer is streamed,
          whatever its size.
        </Text>
        <CopyLine text={exportCommand(options, window.location.origin)} testId="export-command" />
      </div>
    </>
  );
}
