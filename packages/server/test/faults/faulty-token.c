/*
 * A PKCS #11 library in front of a real one that becomes slow, hangs, loses its sessions or its token, as the file named
 * by TOKEN_FAULT says when a call is made: "delay MILLISECONDS", "hang", "lost NUMBER" or "removed"; anything else is no
 * fault. "lost" is true for processes that started while the file said something else. TOKEN_LIBRARY is the real one.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long CK_RV;
typedef CK_RV (*Function)(unsigned long, unsigned long, unsigned long, unsigned long, unsigned long, unsigned long,
                          unsigned long, unsigned long);

/* CK_FUNCTION_LIST of v2.40: a version, then the functions in the order of the standard. */
enum { INITIALIZE = 0, GET_SLOT_LIST = 4, SIGN_INIT = 42, SIGN = 43, FUNCTIONS = 68 };
struct list {
  unsigned char version[2];
  Function functions[FUNCTIONS];
};

static struct list real, ours;
static char at_start[64];

static void fault(char *text, int size) {
  FILE *file = fopen(getenv("TOKEN_FAULT"), "r");
  text[0] = 0;
  if (file == NULL) return;
  if (fgets(text, size, file) == NULL) text[0] = 0;
  fclose(file);
}

static CK_RV initialize(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e,
                        unsigned long f, unsigned long g, unsigned long h) {
  fault(at_start, sizeof at_start);
  return real.functions[INITIALIZE](a, b, c, d, e, f, g, h);
}

static CK_RV get_slot_list(unsigned long present, unsigned long slots, unsigned long count, unsigned long d,
                           unsigned long e, unsigned long f, unsigned long g, unsigned long h) {
  char text[64];
  fault(text, sizeof text);
  if (strncmp(text, "removed", 7) != 0) return real.functions[GET_SLOT_LIST](present, slots, count, d, e, f, g, h);
  *(unsigned long *)count = 0;
  return 0;
}

static CK_RV sign_init(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e,
                       unsigned long f, unsigned long g, unsigned long h) {
  char text[64];
  fault(text, sizeof text);
  if (strncmp(text, "lost", 4) == 0 && strcmp(text, at_start) != 0) return 0xb3; /* CKR_SESSION_HANDLE_INVALID */
  if (strncmp(text, "removed", 7) == 0) return 0x32;                             /* CKR_DEVICE_REMOVED */
  return real.functions[SIGN_INIT](a, b, c, d, e, f, g, h);
}

static CK_RV sign(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e, unsigned long f,
                  unsigned long g, unsigned long h) {
  char text[64];
  fault(text, sizeof text);
  if (strncmp(text, "hang", 4) == 0) for (;;) pause();
  if (strncmp(text, "delay", 5) == 0) usleep(1000 * (unsigned)atoi(text + 5));
  return real.functions[SIGN](a, b, c, d, e, f, g, h);
}

CK_RV C_GetFunctionList(void **list) {
  void *library = dlopen(getenv("TOKEN_LIBRARY"), RTLD_NOW);
  CK_RV (*get)(struct list **) = library ? (CK_RV(*)(struct list **))dlsym(library, "C_GetFunctionList") : NULL;
  struct list *found;
  if (get == NULL || get(&found) != 0) return 5; /* CKR_GENERAL_ERROR */
  real = *found;
  ours = real;
  ours.functions[INITIALIZE] = initialize;
  ours.functions[GET_SLOT_LIST] = get_slot_list;
  ours.functions[SIGN_INIT] = sign_init;
  ours.functions[SIGN] = sign;
  *list = &ours;
  return 0;
}
