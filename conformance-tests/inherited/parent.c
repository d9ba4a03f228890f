/* A program of Windows: starts a command line with standard handles of the kind that `mode` names, and ends with its code. */
#include <stdio.h>
#include <windows.h>

static HANDLE inherited(HANDLE handle)
{
	SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
	return handle;
}

/* Both ends of a pipe with this name; `theirs` is the end for the child. */
static HANDLE named_pipe(const char *name, DWORD theirs_flags, HANDLE *ours)
{
	char path[200];
	snprintf(path, sizeof path, "\\\\.\\pipe\\%s", name);
	*ours = CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536, 65536, 0, NULL);
	return inherited(CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, theirs_flags, NULL));
}

static DWORD WINAPI read_byte(void *pipe)
{
	char byte;
	DWORD count;
	ReadFile(pipe, &byte, 1, &count, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	STARTUPINFOA start = {sizeof start};
	PROCESS_INFORMATION child;
	HANDLE ours = NULL, read_end, write_end;
	DWORD code = 103, count;
	SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
	if (argc != 3)
		return 99;
	const char *mode = argv[1];
	start.dwFlags = STARTF_USESTDHANDLES;
	start.hStdInput = start.hStdOutput = NULL;
	start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
	if (strcmp(mode, "missing") == 0) {
		start.hStdInput = INVALID_HANDLE_VALUE;
	} else if (strcmp(mode, "others") == 0) {
		/* Not files, and a number that nobody has. */
		start.hStdInput = inherited(CreateEventA(NULL, TRUE, FALSE, NULL));
		start.hStdOutput = (HANDLE)(ULONG_PTR)0x7FF0;
	} else if (strcmp(mode, "overlapped") == 0) {
		start.hStdInput = named_pipe("xload-test-overlapped", FILE_FLAG_OVERLAPPED, &ours);
	} else if (strcmp(mode, "overlapped_file") == 0) {
		start.hStdInput = inherited(CreateFileA("file", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS,
			FILE_FLAG_OVERLAPPED, NULL));
		OVERLAPPED place = {0};
		place.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
		WriteFile(start.hStdInput, "abcdefgh", 8, NULL, &place);
		GetOverlappedResult(start.hStdInput, &place, &count, TRUE);
	} else if (strcmp(mode, "terminal") == 0) {
		start.hStdInput = named_pipe("msys-1888ae32e00d56aa-pty77-from-master", 0, &ours);
		start.hStdOutput = named_pipe("cygwin-1888ae32e00d56aa-pty77-to-master-nat", 0, &ours);
	} else if (strcmp(mode, "busy") == 0) {
		/* Another thread is blocked in a read of what the child gets. */
		CreatePipe(&read_end, &write_end, &inherit, 0);
		ours = write_end;
		start.hStdInput = read_end;
		SetHandleInformation(write_end, HANDLE_FLAG_INHERIT, 0);
		CloseHandle(CreateThread(NULL, 0, read_byte, read_end, 0, NULL));
		Sleep(300);
	} else {
		return 98;
	}
	if (!CreateProcessA(NULL, argv[2], NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
		return 100;
	if (strcmp(mode, "overlapped") == 0) {
		/* The program writes a line when it is ready for more. */
		char line[64];
		for (int i = 0; i < 3; i++) {
			if (!ReadFile(ours, line, 1, &count, NULL) || count != 1)
				return 105;
			Sleep(100);
			if (i < 2)
				WriteFile(ours, i == 0 ? "1" : "2", 1, &count, NULL);
		}
	}
	if (WaitForSingleObject(child.hProcess, 60000) != WAIT_OBJECT_0) {
		TerminateProcess(child.hProcess, 102);
		return 102;
	}
	GetExitCodeProcess(child.hProcess, &code);
	return code;
}
