/** Providers and their keys. */

/** The page. */
export default function Providers() {
  return <div className="page" />
}
