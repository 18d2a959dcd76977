#!/bin/sh
# Print a Python 3.11 or newer; say what is missing if there is none. PYTHON=... names one outright.
for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13 python3.14}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Mesoplan needs Python 3.11 or newer, and none was found (looked for: ${PYTHON:-python3.11, python3, python3.12, python3.13, python3.14})." >&2
echo "Install Python 3.11, or name one: make setup PYTHON=/path/to/python3.11" >&2
exit 1
