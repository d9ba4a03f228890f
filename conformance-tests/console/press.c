/* A program of Windows: starts a command line, presses Ctrl-C once that has made the file `ready`, and ends with its code. */
#include <windows.h>

int main(int argc, char **argv)
{
	STARTUPINFOA start = {sizeof start};
	PROCESS_INFORMATION child;
	DWORD code = 103;
	DeleteFileA("ready");
	if (argc != 2 || !CreateProcessA(NULL, argv[1], NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
		return 100;
	/* A process that is being started loses the event. */
	for (int tries = 0; GetFileAttributesA("ready") == INVALID_FILE_ATTRIBUTES; tries++) {
		if (tries == 1200) {
			TerminateProcess(child.hProcess, 104);
			return 104;
		}
		Sleep(50);
	}
	/* It waits by now. */
	Sleep(500);
	/* After the child was made, which would inherit it. */
	SetConsoleCtrlHandler(NULL, TRUE);
	if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) {
		TerminateProcess(child.hProcess, 101);
		return 101;
	}
	if (WaitForSingleObject(child.hProcess, 40000) != WAIT_OBJECT_0) {
		TerminateProcess(child.hProcess, 102);
		return 102;
	}
	GetExitCodeProcess(child.hProcess, &code);
	return code;
}
