/*
 * A program of Windows: starts a command line with a console, presses what `mode` names once that has made the file `ready`, and ends
 * with its code.
 */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static HANDLE input, output;

static void key(WCHAR character, BOOL is_down)
{
	INPUT_RECORD record = {KEY_EVENT};
	DWORD count;
	record.Event.KeyEvent.bKeyDown = is_down;
	record.Event.KeyEvent.wRepeatCount = 1;
	record.Event.KeyEvent.uChar.UnicodeChar = character;
	record.Event.KeyEvent.wVirtualKeyCode = character == '\r' ? VK_RETURN : 0;
	WriteConsoleInputW(input, &record, 1, &count);
}

static void type(const WCHAR *text)
{
	for (; *text != 0; text++)
		key(*text, TRUE), key(*text, FALSE);
}

/* A line whose pairs and end lie at every place of a buffer, as the program knows it. */
static void type_long_lines(void)
{
	for (int length = 4090; length <= 4098; length++) {
		for (int i = 0; i < length; i++)
			type(L"x");
		type(L"\xD83D\xDE00\r");
	}
}

static int wait_for(const char *file)
{
	for (int tries = 0; GetFileAttributesA(file) == INVALID_FILE_ATTRIBUTES; tries++) {
		if (tries == 1200)
			return 0;
		Sleep(50);
	}
	return 1;
}

int main(int argc, char **argv)
{
	STARTUPINFOA start = {sizeof start};
	PROCESS_INFORMATION child;
	DWORD code = 103, before = 0, after = 0;
	DeleteFileA("ready");
	if (argc != 3)
		return 100;
	const char *mode = argv[1];
	input = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	output = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	GetConsoleMode(output, &before);
	SetConsoleMode(output, before & ~ENABLE_VIRTUAL_TERMINAL_PROCESSING);
	GetConsoleMode(output, &before);
	if (!CreateProcessA(NULL, argv[2], NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
		return 100;
	/* A process that is being started loses the event. */
	if (!wait_for("ready")) {
		TerminateProcess(child.hProcess, 104);
		return 104;
	}
	/* It waits by now. */
	Sleep(500);
	if (strcmp(mode, "lines") == 0) {
		type_long_lines();
	} else if (strcmp(mode, "tty") == 0) {
		type(L"yes\r");
	} else if (strcmp(mode, "silent") != 0) {
		/* After the child was made, which would inherit it. */
		SetConsoleCtrlHandler(NULL, TRUE);
		if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) {
			TerminateProcess(child.hProcess, 101);
			return 101;
		}
	}
	if (WaitForSingleObject(child.hProcess, 40000) != WAIT_OBJECT_0) {
		TerminateProcess(child.hProcess, 102);
		return 102;
	}
	GetExitCodeProcess(child.hProcess, &code);
	GetConsoleMode(output, &after);
	if (before != after)
		return 106;
	/* What a Unix shell would see of it is less. */
	return code == STATUS_CONTROL_C_EXIT ? 130 : (int)code;
}
