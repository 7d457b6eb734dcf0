import { Loader, Radio, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
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

function BackboneRow({ backbone }: { backbone: Backbone }) {
  const { name, title, megabytes, speed_class, is_available, detail } = backbone;
  return (
    <Radio.Card value={name} className={classes.row} data-testid={`backbone-${name}`} aria-label={title}>
      <Radio.Indicator size="xs" />
      <span className={classes.title}>{title}</span>
      <span className={`${classes.facts} num`}>
        {speed_class} · {megabytes} MB
      </span>
      <span className={classes.state} data-available={is_available} title={detail}>
        {is_available ? <IconCheck size={13} /> : <IconAlertTriangle size={13} />}
        {is_available ? "ready" : "no weights"}
      </span>
    </Radio.Card>
  );
}
