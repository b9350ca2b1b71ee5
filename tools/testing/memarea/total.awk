# SPDX-License-Identifier: GPL-2.0
#
# One TAP stream of several: numbered anew, each name with its program's, and
# a last line that says how many passed.  A program that printed no plan did
# not come to its end, and counts as one failure more.

function program(name)
{
	gsub(/.*\/|\.tap$/, "", name)
	return name
}

function result(verdict, text)
{
	total[verdict]++
	if (index(text, program_name ":") != 1)
		text = program_name ": " text
	printf "%s %d - %s\n", verdict, ++number, text
}

function finish()
{
	if (program_name != "" && !planned)
		result("not ok", "did not come to its end")
}

FNR == 1 {
	finish()
	program_name = program(FILENAME)
	planned = 0
	seen[FILENAME] = 1
}

/^(not )?ok [0-9]+ - / {
	verdict = /^not/ ? "not ok" : "ok"
	sub(/^(not )?ok [0-9]+ - /, "")
	result(verdict, $0)
	next
}

/^1\.\.[0-9]+$/ { planned = 1; next }
/^[0-9]+ passed, [0-9]+ failed$/ { next }
{ print /^#/ ? $0 : "# " $0 }

# An empty file has no first line.
function report_silent(i)
{
	for (i = 1; i < ARGC; i++) {
		program_name = program(ARGV[i])
		if (!(ARGV[i] in seen))
			result("not ok", "printed nothing")
	}
}

END {
	finish()
	report_silent()
	printf "1..%d\n%d passed, %d failed\n", number, total["ok"],
	       total["not ok"]
	exit total["not ok"] > 0 || !number
}
