# Runs a command beside Orca, a screen reader: on a display of its own, in a session's bus of its own, with a voice that says
# nothing. $AFTERWORD_ORCA is the log of all that Orca says.
set -eu
folder=$(mktemp -d)
screen=
trap 'kill $screen 2> /dev/null || true; rm -rf "$folder"' EXIT
Xvfb -displayfd 3 -screen 0 1400x1200x24 -nolisten tcp 3> "$folder/display" 2> /dev/null & screen=$!
until [ -s "$folder/display" ]; do
    kill -0 $screen
    sleep 0.1
done
# Before the bus starts: what it starts needs the display.
export AFTERWORD_FOLDER="$folder" AFTERWORD_ORCA="$folder/orca.log"
export DISPLAY=":$(cat "$folder/display")" GNOME_ACCESSIBILITY=1 XDG_RUNTIME_DIR="$folder/run"
mkdir -m 700 "$folder/home" "$folder/run"
mkdir -p "$folder/speech/modules"

# Where the speech dispatcher finds no sound device, Orca has no voice, and then it logs nothing.
echo 'pcm.!default { type null }' > "$folder/home/.asoundrc"
cat > "$folder/speech/speechd.conf" << 'END'
AddModule "silent" "sd_generic" "silent.conf"
DefaultModule silent
AudioOutputMethod "alsa"
END
cat > "$folder/speech/modules/silent.conf" << 'END'
GenericExecuteSynth "true"
AddVoice "en" "MALE1" "silent"
END

# It reads a page as a whole when it has loaded, and a key ends that somewhere: what it says next would depend on where.
mkdir -p "$folder/home/.local/share/orca"
cat > "$folder/home/.local/share/orca/orca-customizations.py" << 'END'
import orca.settings

orca.settings.sayAllOnLoad = False
END

# Orca keeps its log in a buffer of some kilobytes: here each line is written at once.
cat > "$folder/sitecustomize.py" << 'END'
import builtins
import os

opened = builtins.open


def line_by_line(file, mode="r", buffering=-1, *rest, **more):
    return opened(file, mode, 1 if file == os.environ["AFTERWORD_ORCA"] else buffering, *rest, **more)


builtins.open = line_by_line
END

cat > "$folder/session.sh" << 'END'
# Waits up to a minute and a half until a command succeeds.
await() {
    for _ in $(seq 450); do
        if "$@" 2> /dev/null; then return; fi
        sleep 0.2
    done
    echo "waited in vain: $*" >&2
    cat "$AFTERWORD_FOLDER"/*.out >&2
    exit 1
}
for what in IsEnabled ScreenReaderEnabled; do
    gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
        --method org.freedesktop.DBus.Properties.Set org.a11y.Status $what "<true>" > /dev/null
done
export LANG=C.UTF-8
speech= orca=
trap 'kill $orca $speech 2> /dev/null || true' EXIT
HOME="$AFTERWORD_FOLDER/home" speech-dispatcher --run-single --timeout 0 --config-dir "$AFTERWORD_FOLDER/speech" \
    --log-dir "$AFTERWORD_FOLDER/speech" > "$AFTERWORD_FOLDER/speech.out" 2>&1 & speech=$!
await test -S "$XDG_RUNTIME_DIR/speech-dispatcher/speechd.sock"
HOME="$AFTERWORD_FOLDER/home" PYTHONPATH="$AFTERWORD_FOLDER" orca --debug-file "$AFTERWORD_ORCA" > "$AFTERWORD_FOLDER/orca.out" 2>&1 & orca=$!
await grep -q "SPEECH OUTPUT" "$AFTERWORD_ORCA"
"$@"
END
dbus-run-session -- sh -eu "$folder/session.sh" "$@"
