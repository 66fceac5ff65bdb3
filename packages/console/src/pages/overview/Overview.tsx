/** How it goes, at a glance. */

/** The page. */
export default function Overview() {
  return <div className="page" />
}
