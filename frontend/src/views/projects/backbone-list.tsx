import { Loader, Radio, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconDownload } from "@tabler/icons-react";
import { messageOf } from "../../api/problem";
import type { Backbone } from "../../api/types";
import classes from "./backbone-list.module.css";

export interface BackboneListProps {
  /** null while they are read. */
  backbones: readonly Backbone[] | null;
  error: unknown;
  value: string | null;
  onChange: (name: string) => void;
}

/** The networks to choose from, each with what it costs and whether its weights are at hand. */
export function BackboneList({ backbones, error, value, onChange }: BackboneListProps) {
  if (error) return <Text c="red">{messageOf(error)}</Text>;
  if (!backbones) return <Loader color="gray" />;
  if (backbones.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        No worker has reported its networks yet. The project starts with the default one.
      </Text>
    );
  }
  return (
    <Radio.Group value={value} onChange={onChange} aria-labelledby="backbone-label">
      <div className={classes.list}>
        {backbones.map((backbone) => (
          <BackboneRow key={backbone.name} backbone={backbone} />
        ))}
      </div>
    </Radio.Group>
  );
}

const AVAILABILITY = {
  ready: { text: "ready", icon: <IconCheck size={13} /> },
  download: { text: "download", icon: <IconDownload size={13} /> },
  missing: { text: "no weights", icon: <IconAlertTriangle size={13} /> },
} as const;

/** Whether the weights are at hand, will be fetched when the project is made, or must be brought. */
export function availabilityOf(backbone: Backbone): keyof typeof AVAILABILITY {
  if (backbone.is_available) return "ready";
  return backbone.is_downloadable ? "download" : "missing";
}

/** "fast · 4.1 MB", and what a machine without a GPU should know. */
export function factsOf({ speed_class, megabytes, fit_for_cpu }: Backbone): string {
  return `${speed_class}${fit_for_cpu ? "" : ", wants a GPU"} · ${megabytes} MB`;
}

function BackboneRow({ backbone }: { backbone: Backbone }) {
  const { name, title, licence, is_default, detail } = backbone;
  const availability = availabilityOf(backbone);
  const { text, icon } = AVAILABILITY[availability];
  return (
    <Radio.Card
      value={name}
      className={classes.row}
      data-testid={`backbone-${name}`}
      aria-label={`${title}, ${factsOf(backbone)}, ${text}`}
    >
      <Radio.Indicator size="xs" />
      <span className={classes.title}>
        {title}
        {is_default && <span className={classes.choice}>default</span>}
      </span>
      <span className={`${classes.facts} num`}>{factsOf(backbone)}</span>
      <span className={classes.state} data-availability={availability} title={detail}>
        {icon}
        {text}
      </span>
      <span className={`${classes.licence} truncate`} title={licence}>
        {licence}
      </span>
    </Radio.Card>
  );
}
