import type { Ref } from 'react'
import { type Statement, type Topic, topicKey } from '../api/role-draft'
import { topicInWords } from '../api/statement-words'
import { ChoiceField } from '../ui/choice-field'

/** What a part of a role is about, to choose from what plugins have. */
export function TopicField({
  topic,
  topics,
  onChange,
  ref,
}: {
  topic: Statement['topic']
  topics: readonly Topic[]
  onChange: (topic: Topic) => void
  ref: Ref<HTMLSelectElement>
}) {
  const plugins = [...new Set(topics.map(({ pluginId }) => pluginId))]
  const isKnown = topics.some((other) => topicKey(other) === topicKey(topic))
  return (
    <ChoiceField
      label="About"
      hidesLabel
      ref={ref}
      value={topicKey(topic)}
      onChange={({ target }) => {
        const next = topics.find((other) => topicKey(other) === target.value)
        if (next) onChange(next)
      }}
    >
      {!isKnown && <option value={topicKey(topic)}>{topicInWords(topic)}</option>}
      {plugins.map((plugin) => (
        <optgroup key={plugin} label={plugin}>
          {topics
            .filter(({ pluginId }) => pluginId === plugin)
            .map((other) => (
              <option key={topicKey(other)} value={topicKey(other)}>
                {topicInWords(other)}
              </option>
            ))}
        </optgroup>
      ))}
    </ChoiceField>
  )
}
