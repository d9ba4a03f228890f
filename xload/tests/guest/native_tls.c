__thread int per_thread = 3;
int main(void) { return per_thread; }
