# SPDX-License-Identifier: GPL-2.0
#
# The CSV of main.c as a table: microseconds for a search, least and median of
# all rounds. Ratios and times for a GiB are made of the least, with which others
# on the machine interfere least. A zone too large for its memory map has what
# the next smaller one suggests, with a "~".

BEGIN {
	FS = ","
	split("memmap list pages blocks", names, " ")
}

function sort(values, n, i, j, value)
{
	for (i = 2; i <= n; i++) {
		value = values[i]
		for (j = i; j > 1 && values[j - 1] > value; j--)
			values[j] = values[j - 1]
		values[j] = value
	}
}

FNR > 1 {
	row = $1 SUBSEP $2 SUBSEP $3
	if (!(row in seen)) {
		seen[row] = 1
		rows[++nr_rows] = row
	}
	us[row, $4, ++rounds[row, $4]] = $5 + 0
}

function condense(row, name, n, i, values)
{
	if (!((row, name) in rounds))
		return
	n = rounds[row, name]
	for (i = 1; i <= n; i++)
		values[i] = us[row, name, i]
	sort(values, n)
	least[row, name] = values[1]
	median[row, name] = values[int((n + 1) / 2)]
}

function number(value)
{
	return sprintf(value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f",
		       value)
}

# Blocks tell nothing of areas that need not hold one.
function cell(row, name, part)
{
	split(row, part, SUBSEP)
	if (name == "blocks" && part[3] < 1023)
		return "-"
	if ((row, name) in rounds)
		return number(least[row, name]) " " number(median[row, name])
	if (name == "memmap" && (part[2], part[3]) in walk)
		return "~" number(walk[part[2], part[3]] * part[1])
	return "-"
}

# The extremes of a map: @what is compared with what there was before.
function extreme(what, map, value)
{
	if (!((what, map) in most) || value > most[what, map])
		most[what, map] = value
	if (!((what, map) in fewest) || value < fewest[what, map])
		fewest[what, map] = value
}

function note(row, part)
{
	split(row, part, SUBSEP)
	maps[part[2]] = 1
	extreme("pages", part[2], least[row, "pages"] / part[1])
	if (part[1] == 1024 && part[3] >= 1023)
		extreme("blocks", part[2], least[row, "blocks"])
	if (!((row, "memmap") in rounds))
		return
	walk[part[2], part[3]] = least[row, "memmap"] / part[1]
	extreme("memmap", part[2], least[row, "memmap"] / part[1])
	extreme("times", part[2], least[row, "memmap"] / least[row, "pages"])
}

function print_row(row, part, i, times)
{
	split(row, part, SUBSEP)
	printf "%5d %-8s %5d", part[1], part[2], part[3]
	for (i = 1; i <= 4; i++)
		printf " |%17s", cell(row, names[i])
	times = "-"
	if ((row, "memmap") in rounds)
		times = number(least[row, "memmap"] / least[row, "pages"])
	printf " |%6.2f %6s\n", least[row, "pages"] / part[1], times
}

END {
	printf "%5s %-8s %5s", "GiB", "map", "pages"
	for (i = 1; i <= 4; i++)
		printf " |%17s", names[i]
	printf " |%6s %6s\n", "us/GiB", "times"
	for (i = 1; i <= nr_rows; i++) {
		for (j = 1; j <= 4; j++)
			condense(rows[i], names[j])
		note(rows[i])
		print_row(rows[i])
	}
	printf "\n%-9s %14s %13s %20s %17s\n", "extremes", "memmap us/GiB",
		"pages us/GiB", "pages times faster", "blocks us, 1 TiB"
	for (map in maps)
		printf "%-9s %14.0f %13.2f %11.0f to %5.0f %17.1f\n", map,
			most["memmap", map], most["pages", map],
			fewest["times", map], most["times", map],
			most["blocks", map]
}
