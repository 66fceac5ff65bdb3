/** Says on every page when the configuration's file is broken, and an earlier version is in force. */
import { useQuery } from "@tanstack/react-query"
import { get } from "../api/Api.ts"
import { useTexts } from "../text/Language.tsx"
import { Notice } from "../ui/States.tsx"
import { shellTexts } from "./messages.ts"
import { useSession } from "./Session.tsx"

/** The notice; nothing where all is well, or for somebody who may not see the configuration. */
export const ConfigNotice = () => {
  const { configProblem } = useTexts(shellTexts)
  const { may } = useSession()
  const { data } = useQuery({
    queryKey: ["config"],
    queryFn: ({ signal }) => get("/config", { signal }),
    enabled: may("configure")
  })
  const [first] = data?.problems ?? []
  if (first === undefined) return null
  const place = first.line === null ? "" : `${first.line}:${first.column ?? 1} `
  return (
    <Notice tone="bad">{configProblem(`${place}${first.path === "" ? "" : `${first.path}: `}${first.message}`)}</Notice>
  )
}
